using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>
/// One command's arguments. Short ones lie one after the other in an array that is used again; each of 4 KiB and up is in a region of
/// its own, which a command may take over.
/// </summary>
internal sealed class Request(RespLimits limits) : IDisposable
{
    /// <summary>More than this is given back after the command.</summary>
    private const int KeptBytes = 64 * 1024;

    private const int KeptArguments = 64;

    private byte[] _bytes = new byte[256];
    private int _used;
    private Argument[] _arguments = new Argument[8];

    /// <summary>How many arguments there are, the command's name included.</summary>
    public int Count { get; private set; }

    /// <summary>An argument was too large for the memory there is: its bytes are gone, and the command must not run.</summary>
    public bool IsOutOfMemory { get; private set; }

    /// <summary>An argument's bytes, valid until the request is cleared or the argument taken.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref Argument argument = ref _arguments.AsSpan(0, Count)[index];
            return argument.Large is { } large ? large.Span : _bytes.AsSpan(argument.Start, argument.Length);
        }
    }

    /// <summary>Whether the argument is in a region of its own.</summary>
    public bool IsLarge(int index) => _arguments.AsSpan(0, Count)[index].Large is not null;

    /// <summary>Makes the argument's region the caller's, ready to be stored or sent.</summary>
    public LargeValue TakeLarge(int index)
    {
        ref Argument argument = ref _arguments.AsSpan(0, Count)[index];
        LargeValue value = argument.Large!.TakeValue();
        argument = default;
        return value;
    }

    /// <summary>Adds a short argument, copying it.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Add(bytes.Length));

    /// <summary>Adds a short argument; the caller fills in its bytes.</summary>
    public Span<byte> Add(int length)
    {
        if (_used + length > limits.MaxSmallArgumentBytes)
        {
            throw new ProtocolException("too many argument bytes");
        }

        if (_used + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + length));
        }

        Add(new Argument(_used, length, null));
        Span<byte> bytes = _bytes.AsSpan(_used, length);
        _used += length;
        return bytes;
    }

    /// <summary>Adds an argument that was received into a region, or what is left of it when there was no memory for it.</summary>
    public void Add(IncomingBulk bulk)
    {
        IsOutOfMemory |= bulk.IsDiscarded;
        Add(new Argument(0, 0, bulk.IsDiscarded ? null : bulk));
    }

    /// <summary>Makes ready for the next command and gives back what was not taken.</summary>
    public void Clear()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_arguments[i].Large is { } large)
            {
                large.Dispose();
                _arguments[i] = default;
            }
        }

        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[256];
        }

        if (_arguments.Length > KeptArguments)
        {
            _arguments = new Argument[8];
        }

        _used = 0;
        Count = 0;
        IsOutOfMemory = false;
    }

    public void Dispose() => Clear();

    private void Add(Argument argument)
    {
        if (Count == _arguments.Length)
        {
            Array.Resize(ref _arguments, Count * 2);
        }

        _arguments[Count++] = argument;
    }

    private readonly record struct Argument(int Start, int Length, IncomingBulk? Large);
}
