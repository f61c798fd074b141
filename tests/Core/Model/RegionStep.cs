namespace FastBuffers.Tests.Model;

/// <summary>
/// One step of a random program: which operation, on which of the views or holds so far, with a kind, a place and a length. What the
/// numbers stand for depends on what there is when the step is taken.
/// </summary>
public readonly record struct RegionStep(RegionOperation Operation, int On, int Other, int Kind, int Start, int Length, bool Throws);
