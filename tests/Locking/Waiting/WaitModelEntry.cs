namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>A hold, or the wish for one, and what stands for it in the tracker.</summary>
internal sealed class WaitModelEntry(HoldKind kind, int start, int length) : IDisposable
{
    internal HoldKind Kind { get; set; } = kind;

    internal int Start => start;

    internal int Length => length;

    /// <summary>How often it was passed over.</summary>
    internal int Passed { get; set; }

    /// <summary>How the wait must have ended; null while it must go on. BadArgument stands for a cancellation.</summary>
    internal Answer? End { get; set; }

    internal Task<HoldToken>? Wait { get; set; }

    internal HoldToken Token { get; set; }

    internal CancellationTokenSource Source { get; } = new();

    internal bool ConflictsWith(WaitModelEntry other) =>
        Kinds.Conflict(Kind, other.Kind) && start < other.Start + other.Length && other.Start < start + length && length > 0 && other.Length > 0;

    /// <summary>The tracker must say the same.</summary>
    internal void Check()
    {
        if (Wait is null)
        {
            return;
        }

        switch (End)
        {
            case null:
                Wait.StillWaits();
                break;
            case Answer.Ok:
                Token = Wait.Granted();
                Wait = null;
                break;
            case Answer.Dead:
                Wait.Failed<ObjectDisposedException>();
                Wait = null;
                break;
            case Answer.Unsupported:
                Wait.Failed<BufferException>();
                Wait = null;
                break;
            default:
                Wait.Failed<OperationCanceledException>();
                Wait = null;
                break;
        }
    }

    public void Dispose() => Source.Dispose();
}
