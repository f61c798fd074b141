using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>Two threads, each with a <see cref="Spin"/> of its own.</summary>
internal sealed class SpinBeside : IContender
{
    private readonly Spin _own;
    private readonly Partner _partner;
    private int _partnerOperations;

    public SpinBeside(int times)
    {
        _own = new Spin(times);
        Spin partners = new(times);
        _partner = new Partner(() => partners.Run(_partnerOperations));
    }

    public int Threads => 2;

    public void Run(int operations)
    {
        int own = operations / 2;
        _partnerOperations = operations - own;
        _partner.Start();
        _own.Run(own);
        _partner.Finish();
    }

    public void Dispose() => _partner.Dispose();
}
