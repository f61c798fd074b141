namespace FastBuffers.Interleaving.Scenarios;

/// <summary>One operation of a program.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Argument">The kind of hold it asks for; for the others <c>None</c>.</param>
/// <param name="Hold">The hold it works on: thread times 2, plus 1 for what the thread made from a hold.</param>
/// <param name="Result">The hold that it makes: that of a share or a use is another one.</param>
/// <param name="Length">The length that a resize leads to.</param>
internal readonly record struct TrackerCall(CallKind Kind, HoldKind Argument, int Hold, int Result, int Length = 0)
{
    /// <summary>Whether its hold ends with it.</summary>
    public bool Ends => Kind is CallKind.Release or CallKind.EndResize;

    public override string ToString() => Kind is CallKind.BeginResize or CallKind.EndResize ? $"{Kind}({Length})"
        : Argument == HoldKind.None ? $"{Kind}" : $"{Kind}({Argument})";
}
