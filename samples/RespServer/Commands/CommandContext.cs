using System.Text;
using FastBuffers.Samples.Resp.Net;
using FastBuffers.Samples.Resp.Protocol;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>What a command runs with. One per connection.</summary>
internal sealed class CommandContext(RespServer server, Client client, Request request)
{
    public RespServer Server => server;

    public Client Client => client;

    public Keyspace Keyspace => server.Keyspace;

    public ReplyWriter Reply => client.Reply;

    public Request Request => request;

    /// <summary>How many arguments there are, the command's name included.</summary>
    public int Count => request.Count;

    /// <summary>An argument's bytes.</summary>
    public ReadOnlySpan<byte> this[int index] => request[index];

    /// <summary>Runs the request under the keyspace's lock: one command at a time, as in Redis.</summary>
    public void Execute()
    {
        server.Counters.CountCommand();
        Command? command = CommandTable.Find(request[0]);
        lock (server.Keyspace.Lock)
        {
            if (request.IsOutOfMemory)
            {
                Reply.Error(Errors.OutOfMemory);
            }
            else if (command is null)
            {
                Reply.Error(Errors.UnknownCommand(request));
            }
            else if (!command.AcceptsCount(request.Count))
            {
                Reply.Error(Errors.WrongArguments(command.Name));
            }
            else if (client.Channels.Count > 0 && !command.WhileSubscribed)
            {
                Reply.Error(Errors.NotWhileSubscribed(command.Name));
            }
            else
            {
                command.Run(this);
            }
        }
    }

    /// <summary>Whether an argument is this word, which is in upper case.</summary>
    public bool Is(int index, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(request[index], word);

    /// <summary>An argument as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(request[index]);

    /// <summary>An argument as an integer; when it is none, that is the reply.</summary>
    public bool TryGetInteger(int index, out long value)
    {
        if (RespInteger.TryParse(request[index], out value))
        {
            return true;
        }

        Reply.Error(Errors.NotAnInteger);
        return false;
    }

    /// <summary>
    /// What can fail in setting a key, ahead of the rest: an argument as a value, and the name's charge if asked for. Null when memory
    /// does not suffice; then nothing has changed.
    /// </summary>
    public StoredValue? TryPrepareSet(int keyIndex, int valueIndex, bool chargesName)
    {
        if (chargesName && !Keyspace.TryChargeName(request[keyIndex]))
        {
            return null;
        }

        StoredValue? value = TryStore(valueIndex);
        if (value is null && chargesName)
        {
            Keyspace.ReleaseName(request[keyIndex]);
        }

        return value;
    }

    /// <summary>Sends an argument back; a large one from its region.</summary>
    public void Echo(int index)
    {
        if (request.IsLarge(index))
        {
            using LargeValue value = request.TakeLarge(index);
            value.Reply(Reply);
        }
        else
        {
            Reply.Bulk(request[index]);
        }
    }

    /// <summary>An argument as a value: the very region it was received into, or a slot. Null when memory does not suffice.</summary>
    private StoredValue? TryStore(int index) =>
        request.IsLarge(index) ? request.TakeLarge(index) : Keyspace.Values.TryCreate(request[index]);
}
