namespace FastBuffers.Interleaving.Scenarios;

/// <summary>One operation of a program.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Argument">The kind of hold it asks for; for the others <c>None</c>.</param>
/// <param name="Hold">The hold it works on: thread times 2, plus 1 for the thread's share.</param>
internal readonly record struct TrackerCall(CallKind Kind, HoldKind Argument, int Hold)
{
    /// <summary>The hold that the call makes: a share is the second of its thread, all others replace the one they work on.</summary>
    public int Result => Kind == CallKind.Share ? Hold + 1 : Hold;

    public override string ToString() => Argument == HoldKind.None ? $"{Kind}" : $"{Kind}({Argument})";
}
