using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>Two threads with a locked instruction each: on words that are far apart, which scales, or on the same, which does not.</summary>
internal sealed class SpinBeside : IContender
{
    /// <summary>Enough for the lines that a processor fetches together.</summary>
    private const int Apart = 256 / sizeof(int);

    private readonly int[] _words = new int[3 * Apart];
    private readonly Partner _partner;
    private int _partnerOperations;

    public SpinBeside(bool apart) => _partner = new Partner(() => Spin(ref _words[apart ? 2 * Apart : Apart], _partnerOperations));

    public int Threads => 2;

    public void Run(int operations)
    {
        int own = operations / 2;
        _partnerOperations = operations - own;
        _partner.Start();
        Spin(ref _words[Apart], own);
        _partner.Finish();
    }

    public void Dispose() => _partner.Dispose();

    private static void Spin(ref int word, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Interlocked.Increment(ref word);
        }
    }
}
