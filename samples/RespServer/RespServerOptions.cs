using System.Globalization;
using System.Net;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp;

/// <summary>How a <see cref="RespServer"/> listens and what it allows. Sizes are in bytes.</summary>
public sealed record RespServerOptions
{
    /// <summary>The longest <see cref="WriteWait"/>: a client's next command has to wait as long.</summary>
    public static readonly TimeSpan MaxWriteWait = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _writeWait = TimeSpan.FromMilliseconds(50);

    /// <summary>The address to listen on. Loopback unless told otherwise: there is no authentication.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The limit of the pool that values are rented from; names of keys and channels count too.</summary>
    public long MaxMemory { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Clients beyond this many are told so and closed.</summary>
    public int MaxClients { get; init; } = 4096;

    /// <summary>How long a client may take nothing of what is being sent to it.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A client with more than this copied or pinned for it, and still more to come, is given up.</summary>
    public int MaxQueuedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>With more than this to be sent to a client, its next command has to wait.</summary>
    public int HighWaterBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// How long SETRANGE and APPEND wait for bytes that are being sent before they go on with a copy of the value; 0 for not at all,
    /// <see cref="MaxWriteWait"/> at most.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or longer; the message names it and the rule.</exception>
    public TimeSpan WriteWait
    {
        get => _writeWait;
        init => _writeWait = value >= TimeSpan.Zero && value <= MaxWriteWait
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(WriteWait),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{value.TotalMilliseconds} ms is not a number of milliseconds from 0 to {MaxWriteWait.TotalMilliseconds}"));
    }

    /// <summary>How long stopping waits for clients to take what has been answered. By the wall clock.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often expired keys and stuck clients are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock of expiry, the send timeout and the waits of writes.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What one command may consist of.</summary>
    internal RespLimits Limits { get; init; } = new();
}
