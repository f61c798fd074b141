using System.Globalization;
using System.Text;

namespace FastBuffers.Testing;

/// <summary>Notices that one of some workers does not come on any more, and says then what all of them are at. Has a thread of its own.</summary>
internal sealed class Watchdog : IDisposable
{
    private const int Looks = 20;

    private readonly long[] _turns;
    private readonly string[] _doing;
    private readonly TaskCompletionSource<string> _hang = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;

    /// <param name="workers">How many there are.</param>
    /// <param name="patience">For how long one of them may stay where it is.</param>
    /// <param name="describe">Says who holds and who waits.</param>
    internal Watchdog(int workers, TimeSpan patience, Func<string> describe)
    {
        _turns = new long[workers];
        _doing = new string[workers];
        Array.Fill(_doing, "nothing yet");
        _thread = new Thread(() => Look(patience / Looks, describe)) { IsBackground = true, Name = "watchdog" };
        _thread.Start();
    }

    /// <summary>Ends with a report as soon as a worker stands still.</summary>
    internal Task<string> Hang => _hang.Task;

    /// <summary>A worker begins something.</summary>
    internal void Begin(int worker, string what)
    {
        Volatile.Write(ref _doing[worker], what);
        Volatile.Write(ref _turns[worker], _turns[worker] + 1);
    }

    /// <summary>A worker has finished, and will not begin anything else.</summary>
    internal void Finish(int worker) => Volatile.Write(ref _turns[worker], long.MinValue);

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        _over.Dispose();
    }

    // Counts looks, not time: where the whole process is stopped for a while nobody hangs.
    private void Look(TimeSpan period, Func<string> describe)
    {
        long[] seen = new long[_turns.Length];
        int[] still = new int[_turns.Length];
        while (!_over.Wait(period))
        {
            for (int i = 0; i < seen.Length; i++)
            {
                long turns = Volatile.Read(ref _turns[i]);
                still[i] = turns == seen[i] && turns != long.MinValue ? still[i] + 1 : 0;
                seen[i] = turns;
            }

            if (still.Max() >= Looks)
            {
                _hang.SetResult(Report(still, describe));
                return;
            }
        }
    }

    private string Report(int[] still, Func<string> describe)
    {
        var report = new StringBuilder("Somebody hangs.\n");
        for (int i = 0; i < still.Length; i++)
        {
            report.Append(CultureInfo.InvariantCulture, $"worker {i}{(still[i] >= Looks ? ", who does not come on" : "")}, turn {_turns[i]}: {_doing[i]}\n");
        }

        return report.Append(describe()).ToString();
    }
}
