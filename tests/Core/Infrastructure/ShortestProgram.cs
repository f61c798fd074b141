namespace FastBuffers.Tests.Infrastructure;

/// <summary>Makes failing programs short.</summary>
internal static class ShortestProgram
{
    /// <summary>The shortest program that can be made of a failing one by leaving steps out.</summary>
    internal static T[] Of<T>(T[] program, Func<T[], bool> fails)
    {
        List<T> steps = [.. program];
        for (int at = steps.Count - 1; at >= 0; at--)
        {
            T step = steps[at];
            steps.RemoveAt(at);
            if (!fails([.. steps]))
            {
                steps.Insert(at, step);
            }
            else
            {
                // What was needed for this step may be needless now.
                at = steps.Count;
            }
        }

        return [.. steps];
    }
}
