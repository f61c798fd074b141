namespace FastBuffers.Locking;

/// <summary>What a ticket is the identity of, and so what its end takes.</summary>
internal enum HoldForm
{
    /// <summary>A hold on the whole domain, counted in the word.</summary>
    Whole,

    /// <summary>A hold on no bytes, counted beside the word.</summary>
    Empty,

    /// <summary>A hold on a part, in the range table.</summary>
    Part,

    /// <summary>The appender, which has everything from the frontier on.</summary>
    Append,

    /// <summary>A use of an Exclusive hold, which puts its end off.</summary>
    Use,

    /// <summary>A hold that became part of others, or of which others became parts: nothing ends with it.</summary>
    Moved,
}
