using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>What one command may consist of. Beyond these it is a protocol error.</summary>
internal sealed record RespLimits
{
    /// <summary>The longest line: an inline command, or the count or length in front of something.</summary>
    public int MaxLineLength { get; init; } = 64 * 1024;

    /// <summary>Arguments of one command, its name included.</summary>
    public int MaxArguments { get; init; } = 1024 * 1024;

    /// <summary>Bytes of one argument.</summary>
    public int MaxBulkLength { get; init; } = ValueFactory.MaxLength;

    /// <summary>All the arguments below 4 KiB of one command together; they are in arrays, which --max-memory does not count.</summary>
    public int MaxSmallArgumentBytes { get; init; } = 16 * 1024 * 1024;
}
