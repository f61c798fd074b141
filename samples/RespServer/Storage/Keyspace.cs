using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// The keys and their values. Every member is called under <see cref="Lock"/>: commands are atomic, as they are in Redis. What is
/// slow, sending and large edits, happens outside, under leases taken inside.
/// </summary>
internal sealed class Keyspace(ServerMemory memory, StorageCounters counters, TimeProvider timeProvider)
{
    /// <summary>How many keys one sweep removes before it lets commands through again.</summary>
    private const int SweepBatch = 256;

    private readonly Dictionary<byte[], Entry> _entries = new(new NameComparer());
    private readonly Deadlines _deadlines = new();

    public Lock Lock { get; } = new();

    public ValueFactory Values { get; } = new(memory, counters);

    public int Count => _entries.Count;

    /// <summary>The values that have a region of their own.</summary>
    public IEnumerable<KeyValuePair<byte[], LargeValue>> LargeValues =>
        from entry in _entries where entry.Value.Value is LargeValue select KeyValuePair.Create(entry.Key, (LargeValue)entry.Value.Value);

    /// <summary>How many of the keys have a time to live.</summary>
    public int ExpiringCount => _deadlines.Count;

    public long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private Dictionary<byte[], Entry>.AlternateLookup<ReadOnlySpan<byte>> ByName => _entries.GetAlternateLookup<ReadOnlySpan<byte>>();

    public StoredValue? Find(ReadOnlySpan<byte> key)
    {
        ref Entry entry = ref FindEntry(key);
        return IsNull(ref entry) ? null : entry.Value;
    }

    /// <summary>When the key expires in Unix milliseconds; 0 never, -1 no such key.</summary>
    public long ExpiryOf(ReadOnlySpan<byte> key)
    {
        ref Entry entry = ref FindEntry(key);
        return IsNull(ref entry) ? -1 : entry.ExpiresAt;
    }

    /// <summary>
    /// Makes <paramref name="value"/> the key's value and ends the old version. False when there is no memory for a new key:
    /// the value is disposed, nothing has changed.
    /// </summary>
    /// <param name="expiresAt">Unix milliseconds; 0 never; null keeps the old one.</param>
    /// <param name="isNameCharged">Whether <see cref="TryChargeName"/> has been called for the key: then this cannot fail.</param>
    public bool TrySet(ReadOnlySpan<byte> key, StoredValue value, long? expiresAt, bool isNameCharged = false)
    {
        ref Entry entry = ref FindEntry(key);
        if (IsNull(ref entry))
        {
            if (!isNameCharged && !TryChargeName(key))
            {
                value.Dispose();
                return false;
            }

            _entries.Add(key.ToArray(), new Entry { Value = value });
        }
        else
        {
            End(entry.Value);
            entry.Value = value;
            if (isNameCharged)
            {
                ReleaseName(key);
            }
        }

        if (expiresAt is { } at)
        {
            SetExpiry(key, at);
        }

        return true;
    }

    /// <summary>Charges a name ahead of <see cref="TrySet"/>, for commands that set several keys or none.</summary>
    public bool TryChargeName(ReadOnlySpan<byte> key) => memory.TryChargeName(key.Length);

    public void ReleaseName(ReadOnlySpan<byte> key) => memory.ReleaseName(key.Length);

    /// <summary>Writes into a value, or a copy that takes its place; keeps the time to live.</summary>
    /// <param name="old">The key's value; null makes one.</param>
    /// <param name="spare">When a copy has to be made, whether it gets room for as much again.</param>
    /// <param name="copies">Whether a copy is made when bytes that would change are being sent.</param>
    /// <returns>
    /// Written, OutOfMemory, Sending if no copy is wanted; or Held: then the value is being edited outside the lock, and cannot even be
    /// copied until that is over.
    /// </returns>
    public WriteResult Write(
        ReadOnlySpan<byte> key, StoredValue? old, int offset, ReadOnlySpan<byte> bytes, bool spare, bool copies = true)
    {
        WriteResult inPlace = old?.TryWrite(offset, bytes) ?? WriteResult.NoRoom;
        switch (inPlace)
        {
            case WriteResult.Written:
                counters.CountWriteInPlace();
                return inPlace;
            case WriteResult.OutOfMemory:
            case WriteResult.Held when !old!.CanRead(0, old.Length):
                return inPlace;
            case WriteResult.Held when !copies:
                return WriteResult.Sending;
            case WriteResult.Held:
                counters.CountConflictCopied();
                break;
        }

        int length = Math.Max(old?.Length ?? 0, offset + bytes.Length);
        StoredValue? fresh = Values.TryCreateEmpty(length, spare && old is not null ? ValueFactory.WithSpare(length) : length);
        if (fresh is null)
        {
            return WriteResult.OutOfMemory;
        }

        old?.CopyInto(fresh);
        fresh.TryWrite(offset, bytes);
        return TrySet(key, fresh, expiresAt: null) ? WriteResult.Written : WriteResult.OutOfMemory;
    }

    /// <summary>Sets when the key expires: Unix milliseconds, 0 for never. False when there is no such key.</summary>
    public bool SetExpiry(ReadOnlySpan<byte> key, long at)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(ByName, key);
        if (IsNull(ref entry))
        {
            return false;
        }

        if (entry.ExpiresAt != at)
        {
            ByName.TryGetValue(key, out byte[]? name, out _);
            if (entry.ExpiresAt != 0)
            {
                _deadlines.Remove(name!, entry.ExpiresAt);
            }

            if (at != 0)
            {
                _deadlines.Add(name!, at);
            }

            entry.ExpiresAt = at;
        }

        return true;
    }

    public bool Remove(ReadOnlySpan<byte> key) => !IsNull(ref FindEntry(key)) && RemoveEntry(key);

    public void Clear()
    {
        foreach ((byte[] key, Entry entry) in _entries)
        {
            End(entry.Value);
            ReleaseName(key);
        }

        _entries.Clear();
        _entries.TrimExcess();
        _deadlines.Clear();
    }

    /// <summary>Removes keys whose time has come. True when there are more of them.</summary>
    public bool Sweep()
    {
        long now = Now;
        for (int i = 0; i < SweepBatch; i++)
        {
            if (!_deadlines.TryGetDue(now, out byte[] key))
            {
                return false;
            }

            RemoveEntry(key);
        }

        return true;
    }

    /// <summary>Ends a version. One that is being sent or edited goes on until that is over, and counts as memory until then.</summary>
    private void End(StoredValue version)
    {
        if (version is LargeValue { IsInUse: true })
        {
            counters.CountVersionOutlived();
        }

        version.Dispose();
    }

    private static bool IsNull(ref Entry entry) => Unsafe.IsNullRef(ref entry);

    private ref Entry FindEntry(ReadOnlySpan<byte> key)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(ByName, key);
        if (!IsNull(ref entry) && entry.ExpiresAt != 0 && entry.ExpiresAt <= Now)
        {
            RemoveEntry(key);
            return ref Unsafe.NullRef<Entry>();
        }

        return ref entry;
    }

    private bool RemoveEntry(ReadOnlySpan<byte> key)
    {
        if (!ByName.Remove(key, out byte[]? name, out Entry entry))
        {
            return false;
        }

        if (entry.ExpiresAt != 0)
        {
            _deadlines.Remove(name, entry.ExpiresAt);
        }

        End(entry.Value);
        ReleaseName(name);
        return true;
    }
}
