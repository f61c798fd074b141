using FastBuffers.Bench.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>Buffers rented and touched here and returned by another thread at the same time, always in that direction.</summary>
internal sealed class RentedHandedOver<TSource, TBuffer> : IContender
    where TSource : IBufferSource<TBuffer>
    where TBuffer : struct
{
    private const int Batch = 64;

    private readonly int _length;
    private readonly BatchRing<TBuffer> _ring = new(Batch);
    private readonly Partner _partner;

    public RentedHandedOver(int length)
    {
        _length = length;
        _partner = new Partner(ReturnAll);
    }

    public int Multiple => Batch;

    public void Run(int operations)
    {
        _ring.Open();
        _partner.Start();
        try
        {
            for (int done = 0; done < operations && _ring.WaitForEmpty() is { } batch; done += Batch)
            {
                RentBatch(batch);
                _ring.Filled();
            }
        }
        finally
        {
            _ring.Close();
            _partner.Finish();
        }
    }

    public void Dispose() => _partner.Dispose();

    private void RentBatch(TBuffer[] batch)
    {
        foreach (ref TBuffer buffer in batch.AsSpan())
        {
            buffer = TSource.Rent(_length);
            Touch.Ends(TSource.Bytes(in buffer));
        }
    }

    private void ReturnAll()
    {
        try
        {
            while (_ring.WaitForFull() is { } batch)
            {
                foreach (ref TBuffer buffer in batch.AsSpan())
                {
                    TSource.Return(in buffer);
                }

                _ring.Emptied();
            }
        }
        finally
        {
            _ring.Close();
        }
    }
}
