namespace FastBuffers.Pipelines;

/// <summary>Reads a retained sequence, and disposes it at the end. How a sequence is read is <see cref="PipeReader.Create(ReadOnlySequence{byte})"/>'s.</summary>
internal sealed class RetainedReader(RetainedSequence sequence) : PipeReader
{
    private readonly PipeReader _reader = Create(sequence.Sequence);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<ReadResult>(cancellationToken) : _reader.ReadAsync(CancellationToken.None);

    public override bool TryRead(out ReadResult result) => _reader.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => _reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _reader.Complete(exception);
        sequence.Dispose();
    }
}
