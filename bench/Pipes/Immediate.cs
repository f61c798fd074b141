namespace FastBuffers.Bench.Pipes;

/// <summary>For work on one thread, where all has to be there at once.</summary>
internal static class Immediate
{
    public static T Result<T>(ValueTask<T> task)
    {
        Require(task.IsCompletedSuccessfully);
        return task.Result;
    }

    public static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The pipe did not give at once what was written into it.");
        }
    }
}
