namespace FastBuffers.Samples.Resp.Storage;

/// <summary>What the keyspace knows of one key. <see cref="ExpiresAt"/> is in Unix milliseconds; 0 means never.</summary>
internal struct Entry
{
    public StoredValue Value;
    public long ExpiresAt;
}
