using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>Who listens to which channel. Used under the keyspace's lock.</summary>
internal sealed class Channels(ServerMemory memory)
{
    private readonly Dictionary<byte[], List<Client>> _listeners = new(new NameComparer());

    private Dictionary<byte[], List<Client>>.AlternateLookup<ReadOnlySpan<byte>> ByName =>
        _listeners.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>False when there is no memory for the name.</summary>
    public bool TrySubscribe(Client client, ReadOnlySpan<byte> channel)
    {
        if (client.Channels.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(channel))
        {
            return true;
        }

        if (!memory.TryChargeName(channel.Length))
        {
            return false;
        }

        if (!ByName.TryGetValue(channel, out byte[]? name, out List<Client>? clients))
        {
            name = channel.ToArray();
            clients = [];
            _listeners.Add(name, clients);
        }

        clients.Add(client);
        client.Channels.Add(name);
        return true;
    }

    public void Unsubscribe(Client client, ReadOnlySpan<byte> channel)
    {
        if (client.Channels.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(channel))
        {
            RemoveListener(client, channel);
        }
    }

    /// <summary>Ends all of the client's subscriptions.</summary>
    public void Leave(Client client)
    {
        foreach (byte[] channel in client.Channels)
        {
            RemoveListener(client, channel);
        }

        client.Channels.Clear();
    }

    public IReadOnlyList<Client> ListenersOf(ReadOnlySpan<byte> channel) =>
        ByName.TryGetValue(channel, out List<Client>? clients) ? clients : [];

    private void RemoveListener(Client client, ReadOnlySpan<byte> channel)
    {
        List<Client> clients = ByName[channel];
        clients.Remove(client);
        if (clients.Count == 0)
        {
            ByName.Remove(channel);
        }

        memory.ReleaseName(channel.Length);
    }
}
