namespace FastBuffers.Samples.Resp.Net;

/// <summary>What the server has done since it started. For INFO and the demo's table.</summary>
internal sealed class ServerCounters
{
    private long _accepted;
    private long _rejected;
    private long _dropped;
    private long _protocolErrors;
    private long _faults;
    private long _commands;
    private long _sentBytes;

    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Clients beyond the maximum.</summary>
    public long Rejected => Volatile.Read(ref _rejected);

    /// <summary>Clients that took too little: by the send timeout, or at the limit of their output.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public long ProtocolErrors => Volatile.Read(ref _protocolErrors);

    /// <summary>Connections ended by an unexpected exception: bugs.</summary>
    public long Faults => Volatile.Read(ref _faults);

    public long Commands => Volatile.Read(ref _commands);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    public void CountRejected() => Interlocked.Increment(ref _rejected);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void CountProtocolError() => Interlocked.Increment(ref _protocolErrors);

    public void CountFault() => Interlocked.Increment(ref _faults);

    public void CountCommand() => Interlocked.Increment(ref _commands);

    public void CountSent(int bytes) => Interlocked.Add(ref _sentBytes, bytes);
}
