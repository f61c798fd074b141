using System.Collections.Concurrent;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>What the demo's clients did and found. Thread-safe.</summary>
internal sealed class Tally
{
    private const int KeptMistakes = 10;

    private readonly ConcurrentDictionary<string, long> _operations = new();
    private readonly ConcurrentQueue<string> _mistakes = new();
    private long _bytes;
    private long _mistakeCount;

    /// <summary>Checked replies by command.</summary>
    public IReadOnlyDictionary<string, long> Operations => _operations;

    public long Total => _operations.Sum(static operation => operation.Value);

    /// <summary>Bytes of values, both ways.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long MistakeCount => Volatile.Read(ref _mistakeCount);

    /// <summary>The first few wrong replies.</summary>
    public IReadOnlyCollection<string> Mistakes => _mistakes;

    /// <summary>Counts a reply that has been checked.</summary>
    public void Count(string operation, bool isRight, int bytes, string key)
    {
        _operations.AddOrUpdate(operation, 1, static (_, count) => count + 1);
        Interlocked.Add(ref _bytes, bytes);
        if (!isRight)
        {
            Mistake($"{operation} {key}: wrong reply");
        }
    }

    public void Mistake(string what)
    {
        if (Interlocked.Increment(ref _mistakeCount) <= KeptMistakes)
        {
            _mistakes.Enqueue(what);
        }
    }
}
