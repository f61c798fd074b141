namespace FastBuffers.Tests.Pooling.Model;

/// <summary>
/// One step of a random program: which operation, on which thread, on which of the holds so far, with a kind, a place and a length. What
/// the numbers stand for depends on what there is when the step is taken.
/// </summary>
public readonly record struct PoolStep(
    PoolOperation Operation, int Thread, int On, int Other, int Kind, int Place, int Length, bool Throws);
