using System.Runtime.ExceptionServices;

namespace FastBuffers.Testing;

/// <summary>Real threads that start together.</summary>
internal static class Race
{
    /// <summary>Runs each action on a thread of its own, and throws what the first of them threw.</summary>
    internal static void Run(params Action[] actions)
    {
        using var start = new Barrier(actions.Length);
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. actions.Select(action => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                action();
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }) { IsBackground = true })];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        failure?.Throw();
    }

    /// <summary>
    /// Plays many rounds of two actions on two threads that leave the gate together, one or the other a little later each time.
    /// </summary>
    internal static void Rounds(int rounds, Action<int> before, Action<int> first, Action<int> second, Action<int> after)
    {
        int started = -1;
        int done = -1;
        bool failed = false;
        Run(
            () =>
            {
                try
                {
                    for (int round = 0; round < rounds && !Volatile.Read(ref failed); round++)
                    {
                        before(round);
                        Volatile.Write(ref started, round);
                        Late(round);
                        first(round);
                        WaitFor(ref done, round, ref failed);
                        after(round);
                    }
                }
                finally
                {
                    Volatile.Write(ref failed, true);
                }
            },
            () =>
            {
                try
                {
                    for (int round = 0; round < rounds && WaitFor(ref started, round, ref failed); round++)
                    {
                        Late(~round);
                        second(round);
                        Volatile.Write(ref done, round);
                    }
                }
                finally
                {
                    // Whoever leaves first, in order or not, ends the other's waiting.
                    Volatile.Write(ref failed, true);
                }
            });
    }

    private static void Late(int round)
    {
        if ((round & 1) == 0)
        {
            Thread.SpinWait((round >> 1) & 15);
        }
    }

    private static bool WaitFor(ref int reached, int round, ref bool failed)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref reached) < round)
        {
            if (Volatile.Read(ref failed))
            {
                return Volatile.Read(ref reached) >= round;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }

        return true;
    }
}
