using System.Text;
using FastBuffers.Samples.Resp.Net;
using FastBuffers.Samples.Resp.Protocol;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>What a command runs with. One per connection.</summary>
internal sealed class CommandContext(RespServer server, Client client, Request request)
{
    // The edits that the command has waited for: no others of these values begin before it has run.
    private readonly List<EditGate> _gates = [];
    private Task? _wait;
    private WriteWait? _writeWait;
    private bool _hasWaitedForSenders;
    private RangeEdit? _edit;
    private int _editArgument;

    public RespServer Server => server;

    public Client Client => client;

    public Keyspace Keyspace => server.Keyspace;

    public ReplyWriter Reply => client.Reply;

    public Request Request => request;

    /// <summary>How many arguments there are, the command's name included.</summary>
    public int Count => request.Count;

    /// <summary>An argument's bytes.</summary>
    public ReadOnlySpan<byte> this[int index] => request[index];

    /// <summary>
    /// Runs the request under the keyspace's lock: one command at a time, as in Redis. What it left to do outside the lock is done when
    /// this completes. A command that has to wait for an edit, or for bytes to be sent, does so without the lock, and is then run again.
    /// </summary>
    public async ValueTask ExecuteAsync()
    {
        server.Counters.CountCommand();
        Command? command = CommandTable.Find(request[0]);
        _hasWaitedForSenders = false;
        while (!TryRun(command))
        {
            // What it waits for may be an earlier reply on this very connection.
            client.FlushLater();
            await _wait!;
        }

        if (_edit is { } edit)
        {
            _edit = null;
            Finish(edit);
        }
    }

    /// <summary>
    /// Whether a value can be read now. If not, the command returns, having changed and replied nothing, and is run again later.
    /// </summary>
    public bool CanRead(StoredValue? value) => value is null || CanRead(value, 0, value.Length);

    /// <summary>Whether a part of a value can be read now. If not, the command returns, as above.</summary>
    public bool CanRead(StoredValue value, int start, int length)
    {
        bool can = value.CanRead(start, length);
        if (!can)
        {
            WaitFor(value.Edits!);
        }

        return can;
    }

    /// <summary>Has the command, which has changed and replied nothing, run again when the edits that are running now have ended.</summary>
    public void WaitFor(EditGate edits)
    {
        if (_gates.Count == 0)
        {
            server.StorageCounters.CountCommandWaited();
        }

        _gates.Add(edits);
        _wait = edits.WaitAsync();
    }

    /// <summary>Whether a write that meets bytes being sent is to wait for that to end: once for each command.</summary>
    public bool MayWaitForSenders => !_hasWaitedForSenders && server.Options.WriteWait > TimeSpan.Zero;

    /// <summary>Has the command, which has changed and replied nothing, run again when a part is no longer being sent, or after the limit.</summary>
    public void WaitForSenders(LargeValue value, int offset, int length)
    {
        _hasWaitedForSenders = true;
        server.StorageCounters.CountWriteWaited();
        _writeWait = value.BeginWait(server.WriteWaits, offset, length, server.Options.WriteWait, server.Stopping);
        _wait = _writeWait.Ended;
    }

    /// <summary>Has an argument written and the reply sent when the command has returned and the lock is free.</summary>
    public void FinishOutside(RangeEdit edit, int argument) => (_edit, _editArgument) = (edit, argument);

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

    /// <summary>Runs the command; false when it has to be run again after the wait.</summary>
    private bool TryRun(Command? command)
    {
        _wait = null;
        lock (server.Keyspace.Lock)
        {
            try
            {
                _writeWait?.Dispose();
                _writeWait = null;
                Run(command);
                return _wait is null;
            }
            finally
            {
                if (_wait is null)
                {
                    _gates.ForEach(static gate => gate.EndWait());
                    _gates.Clear();
                }
            }
        }
    }

    private void Run(Command? command)
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

    private void Finish(RangeEdit edit)
    {
        try
        {
            edit.Write(request[_editArgument]);
        }
        finally
        {
            lock (server.Keyspace.Lock)
            {
                edit.End();
            }
        }

        Reply.Integer(edit.ValueLength);
    }

    /// <summary>An argument as a value: the very region it was received into, or a slot. Null when memory does not suffice.</summary>
    private StoredValue? TryStore(int index) =>
        request.IsLarge(index) ? request.TakeLarge(index) : Keyspace.Values.TryCreate(request[index]);
}
