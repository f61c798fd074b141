namespace FastBuffers.Locking;

/// <summary>Where and when one traced hold was taken and released, and what it is.</summary>
internal sealed class HoldTrace(HoldKind kind, HoldExtent extent, long since)
{
    /// <summary>The kind, which conversions change.</summary>
    internal HoldKind Kind { get; set; } = kind;

    internal HoldExtent Extent => extent;

    /// <summary>When it was taken: a <see cref="TimeProvider.GetTimestamp"/>.</summary>
    internal long Since => since;

    /// <summary>The stack that took the hold.</summary>
    internal string Birth { get; } = $"{kind} hold taken{Environment.NewLine}{Environment.StackTrace}";

    /// <summary>The stack that released it first, or null while it is alive.</summary>
    internal string? Release { get; private set; }

    internal void OnRelease() => Release ??= Environment.StackTrace;
}
