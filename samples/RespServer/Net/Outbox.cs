using System.Buffers;
using System.Runtime.InteropServices;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>
/// What is still to be sent to one client, in order. Commands and publishers append and never wait; one sender at a time takes
/// everything there is. A client that lets more than the limit pile up is given up.
/// </summary>
/// <remarks>
/// Its lock is innermost: it is taken under the keyspace's lock, and under it nothing else is. That pieces of one reply stay together
/// is the keyspace's lock's doing, under which all pushes are written and all replies of more than one piece.
/// </remarks>
internal sealed class Outbox(int limit, int highWater, Action overflow)
{
    private const int ChunkBytes = 8 * 1024;

    private readonly Lock _lock = new();
    private List<Outgoing> _waiting = [];
    private long _queuedBytes;
    private bool _isSending;
    private bool _isClosed;
    private TaskCompletionSource? _drained;
    private long _drainedBelow;
    private TaskCompletionSource? _senderGone;

    /// <summary>Bytes appended and not yet sent, copied and pinned.</summary>
    public long QueuedBytes => Volatile.Read(ref _queuedBytes);

    /// <summary>So much is queued that the client's next command had better wait.</summary>
    public bool IsFull => QueuedBytes > highWater;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (TryReserve(bytes.Length))
            {
                Copy(bytes);
            }
        }
    }

    /// <summary>Appends three pieces as one.</summary>
    public void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
    {
        lock (_lock)
        {
            if (TryReserve(head.Length + body.Length + tail.Length))
            {
                Copy(head);
                Copy(body);
                Copy(tail);
            }
        }
    }

    /// <summary>Appends bytes that are sent from where they are. They are the outbox's from now on, and are released once sent.</summary>
    public void Append(in PinnedBytes bytes)
    {
        lock (_lock)
        {
            if (TryReserve(bytes.Length))
            {
                _waiting.Add(new Outgoing(null, bytes));
                return;
            }
        }

        bytes.Dispose();
    }

    /// <summary>Makes the caller the sender, if there is something to send and nobody is sending.</summary>
    public bool TryStartSending()
    {
        lock (_lock)
        {
            return !_isSending && !_isClosed && _waiting.Count > 0 && (_isSending = true);
        }
    }

    /// <summary>Gives the sender everything that waits, for its empty <paramref name="batch"/>; false ends its being the sender.</summary>
    public bool TryTake(ref List<Outgoing> batch)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || _isClosed)
            {
                EndSending();
                return false;
            }

            (batch, _waiting) = (_waiting, batch);
            return true;
        }
    }

    /// <summary>Says that <paramref name="count"/> bytes have left.</summary>
    public void Sent(int count)
    {
        lock (_lock)
        {
            _queuedBytes -= count;
            if (_queuedBytes <= _drainedBelow)
            {
                _drained?.TrySetResult();
            }
        }
    }

    /// <summary>The sender says that the client cannot be reached, and that it has released what it had taken.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            Refuse();
            EndSending();
        }
    }

    /// <summary>Completes once half of what makes the outbox full has gone, or it is closed. One caller at a time.</summary>
    public Task WaitForRoomAsync() => WaitAsync(highWater / 2);

    /// <summary>Completes once all has been sent, or the outbox is closed. One caller at a time.</summary>
    public Task WaitUntilEmptyAsync() => WaitAsync(0);

    /// <summary>Releases what waits and refuses everything further. Completes when the sender has released what it had taken.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            Refuse();
            foreach (ref Outgoing piece in CollectionsMarshal.AsSpan(_waiting))
            {
                piece.Dispose();
            }

            _waiting.Clear();
            if (!_isSending)
            {
                return Task.CompletedTask;
            }

            _senderGone = NewSignal();
            return _senderGone.Task;
        }
    }

    private Task WaitAsync(long below)
    {
        lock (_lock)
        {
            if (_isClosed || _queuedBytes <= below)
            {
                return Task.CompletedTask;
            }

            _drainedBelow = below;
            _drained = NewSignal();
            return _drained.Task;
        }
    }

    /// <summary>Counts the bytes in. The limit is looked at before, so that any single value can be sent, however large.</summary>
    private bool TryReserve(int count)
    {
        if (_isClosed)
        {
            return false;
        }

        if (_queuedBytes > limit)
        {
            Refuse();
            overflow();
            return false;
        }

        _queuedBytes += count;
        return true;
    }

    private void Refuse()
    {
        _isClosed = true;
        _drained?.TrySetResult();
    }

    private void EndSending()
    {
        _isSending = false;
        _senderGone?.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<Outgoing> waiting = CollectionsMarshal.AsSpan(_waiting);
            if (waiting.IsEmpty || waiting[^1].Chunk is not { } chunk || waiting[^1].Used == chunk.Length)
            {
                _waiting.Add(new Outgoing(ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, Math.Min(bytes.Length, 1 << 16))), default));
                continue;
            }

            ref Outgoing last = ref waiting[^1];
            int count = Math.Min(bytes.Length, chunk.Length - last.Used);
            bytes[..count].CopyTo(chunk.AsSpan(last.Used));
            last.Used += count;
            bytes = bytes[count..];
        }
    }
}
