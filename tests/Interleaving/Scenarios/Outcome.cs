namespace FastBuffers.Interleaving.Scenarios;

/// <summary>How a call ended.</summary>
public enum Outcome
{
    /// <summary>Not yet.</summary>
    Pending,

    /// <summary>It did what it says.</summary>
    Done,

    /// <summary>A release of something that had ended before.</summary>
    Nothing,

    /// <summary>Refused for a conflict, or because a scope or pin of the hold is open.</summary>
    Conflict,

    /// <summary>Refused because the kind is not supported.</summary>
    Unsupported,

    /// <summary>Refused because the hold has ended or the tracker is retired.</summary>
    Ended,
}
