using System.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Pipes;

/// <summary>Messages that are kept by a copy in an array of a pool, a few at a time. Nothing but that is timed.</summary>
internal sealed class CopiedMessages(int length) : IContender
{
    private const int Kept = 4;

    private readonly ReadOnlySequence<byte> _message = new(new byte[length]);
    private readonly byte[]?[] _kept = new byte[]?[Kept];

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            ref byte[]? kept = ref _kept[i % Kept];
            if (kept is not null)
            {
                ArrayPool<byte>.Shared.Return(kept);
            }

            kept = ArrayPool<byte>.Shared.Rent(length);
            _message.CopyTo(kept);
        }
    }

    public void Dispose()
    {
        foreach (byte[]? kept in _kept)
        {
            if (kept is not null)
            {
                ArrayPool<byte>.Shared.Return(kept);
            }
        }
    }
}
