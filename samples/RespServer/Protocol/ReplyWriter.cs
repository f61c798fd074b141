using System.Buffers.Text;
using System.Text;
using FastBuffers.Samples.Resp.Net;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>Writes RESP2 to a connection's outbox.</summary>
internal sealed class ReplyWriter(Outbox outbox)
{
    public void Ok() => outbox.Append("+OK\r\n"u8);

    public void Null() => outbox.Append("$-1\r\n"u8);

    public void EmptyArray() => outbox.Append("*0\r\n"u8);

    public void Simple(ReadOnlySpan<byte> text) => outbox.Append("+"u8, text, "\r\n"u8);

    /// <summary>An error, its code first. Line ends in it become blanks, for it may quote what the client sent.</summary>
    public void Error(string message)
    {
        byte[] text = Encoding.Latin1.GetBytes(message);
        foreach (ref byte c in text.AsSpan())
        {
            c = c is (byte)'\r' or (byte)'\n' ? (byte)' ' : c;
        }

        outbox.Append("-"u8, text, "\r\n"u8);
    }

    public void Integer(long value) => Header((byte)':', value);

    public void Array(int count) => Header((byte)'*', count);

    /// <summary>A bulk string, copied.</summary>
    public void Bulk(ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[24];
        outbox.Append(Format(header, (byte)'$', bytes.Length), bytes, "\r\n"u8);
    }

    /// <summary>A bulk string, copied.</summary>
    public void Bulk(string text) => Bulk(Encoding.UTF8.GetBytes(text));

    /// <summary>A bulk string, sent from its region and then released.</summary>
    public void Bulk(in PinnedBytes bytes)
    {
        Header((byte)'$', bytes.Length);
        outbox.Append(bytes);
        outbox.Append("\r\n"u8);
    }

    /// <summary>A bulk string that lies in its region with header and line end; sent from there and then released.</summary>
    public void Framed(in PinnedBytes frame) => outbox.Append(frame);

    private void Header(byte type, long value)
    {
        Span<byte> header = stackalloc byte[24];
        outbox.Append(Format(header, type, value));
    }

    private static ReadOnlySpan<byte> Format(Span<byte> destination, byte type, long value)
    {
        destination[0] = type;
        Utf8Formatter.TryFormat(value, destination[1..], out int digits);
        "\r\n"u8.CopyTo(destination[(1 + digits)..]);
        return destination[..(digits + 3)];
    }
}
