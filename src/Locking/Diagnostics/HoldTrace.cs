namespace FastBuffers.Locking;

/// <summary>Where one traced hold was taken and released.</summary>
internal sealed class HoldTrace
{
    internal HoldTrace(HoldKind kind) => Birth = $"{kind} hold taken{Environment.NewLine}{Environment.StackTrace}";

    /// <summary>The stack that took the hold.</summary>
    internal string Birth { get; }

    /// <summary>The stack that released it first, or null while it is alive.</summary>
    internal string? Release { get; private set; }

    internal void OnRelease() => Release ??= Environment.StackTrace;
}
