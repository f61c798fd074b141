namespace FastBuffers.Locking;

/// <summary>What <see cref="HoldDiagnostics"/> has to say about one hold or one domain.</summary>
public sealed class HoldEventArgs : EventArgs
{
    internal HoldEventArgs(string message) => Message = message;

    /// <summary>The report in one sentence.</summary>
    public string Message { get; }

    /// <summary>The kind of the hold, or <see cref="HoldKind.None"/> when the report is about a whole domain.</summary>
    public HoldKind Kind { get; internal init; }

    /// <summary>The length of the domain in bytes; 0 for a double release, whose domain is not known any more.</summary>
    public long ByteLength { get; internal init; }

    /// <summary>How long before the report a rental began, to the second, for a lost rental; else null.</summary>
    public TimeSpan? Age { get; internal init; }

    /// <summary>The stack that took the hold, or allocated the domain; null unless it was traced.</summary>
    public string? BirthStack { get; internal init; }

    /// <summary>The stack of the first release; null unless the hold was traced.</summary>
    public string? ReleaseStack { get; internal init; }

    /// <summary>What was thrown, for <see cref="HoldDiagnostics.FreeFailed"/>; else null.</summary>
    public Exception? Exception { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
