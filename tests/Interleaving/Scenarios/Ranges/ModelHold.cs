namespace FastBuffers.Interleaving.Scenarios;

/// <summary>One hold of a <see cref="RangeModel"/>, on the bytes [<paramref name="Start"/>, <paramref name="End"/>).</summary>
/// <param name="Kind">The kind; <c>None</c> for none.</param>
/// <param name="Start">The first byte; of an appender its frontier.</param>
/// <param name="End">The end.</param>
/// <param name="Changes">How often it became another kind: a copy of the token of before is none of it.</param>
/// <param name="UseOf">Of which hold it is a use, plus 1.</param>
/// <param name="Appends">Whether it is the appender's.</param>
internal readonly record struct ModelHold(HoldKind Kind, byte Start, byte End, byte Changes = 0, byte UseOf = 0, bool Appends = false)
{
    public bool IsNone => Kind == HoldKind.None;

    /// <summary>Whether this hold and one of a kind on [start, end) cannot be there together.</summary>
    public bool Excludes(HoldKind kind, int start, int end)
    {
        if (IsNone || kind == HoldKind.None || start == end)
        {
            return false;
        }

        // Below the frontier there is nobody who may change what was published, from there on there is the appender.
        return Appends
            ? kind is HoldKind.Write or HoldKind.Exclusive || end > Start
            : Start != End && Start < end && End > start && ReferenceModel.Excludes(Kind, kind);
    }
}
