namespace FastBuffers.Bench.Gate;

/// <summary>
/// Work that can be timed. Construction is set-up and is not timed; an object that the library or the peer needs lives in a field,
/// so that the JIT cannot keep it on the stack. A contender that is refused what it asks for throws: a wrong answer has no time.
/// </summary>
internal interface IContender : IDisposable
{
    /// <summary>Operations come in this many at least: what is asked for is a multiple, or else more would be done than is counted.</summary>
    int Multiple => 1;

    /// <summary>How many threads share the work, each busy until its part is done.</summary>
    int Threads => 1;

    /// <summary>Does the operation <paramref name="operations"/> times, in one loop.</summary>
    void Run(int operations);
}
