using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastBuffers.Samples.Resp.Tests.Infrastructure;

/// <summary>A socket that sends whatever bytes a test wants. Blocking, with a timeout on every receive.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;

    public RawClient(IPEndPoint server, int receiveBuffer = 0)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 20_000,
            SendTimeout = 20_000,
        };
        if (receiveBuffer > 0)
        {
            _socket.ReceiveBufferSize = receiveBuffer;
        }

        _socket.Connect(server);
    }

    /// <summary>An array of bulk strings. Strings are Latin-1: one character, one byte.</summary>
    public static byte[] Encode(params ReadOnlySpan<string> arguments)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{arguments.Length}\r\n");
        foreach (string argument in arguments)
        {
            text.Append(CultureInfo.InvariantCulture, $"${argument.Length}\r\n{argument}\r\n");
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void SendSetRange(string key, int offset, ReadOnlySpan<byte> bytes)
    {
        string start = offset.ToString(CultureInfo.InvariantCulture);
        Send($"*4\r\n$8\r\nSETRANGE\r\n${key.Length}\r\n{key}\r\n${start.Length}\r\n{start}\r\n${bytes.Length}\r\n");
        Send(bytes);
        Send("\r\n");
    }

    /// <summary>Sends a command and expects exactly this reply.</summary>
    public void Call(string expected, params ReadOnlySpan<string> arguments)
    {
        Send(Encode(arguments));
        Expect(expected);
    }

    public void Expect(string expected) => Assert.Equal(expected, Encoding.Latin1.GetString(Receive(expected.Length)));

    /// <summary>Expects a bulk string with these bytes.</summary>
    public void ExpectBulk(ReadOnlySpan<byte> expected)
    {
        Expect($"${expected.Length}\r\n");
        Assert.True(expected.SequenceEqual(Receive(expected.Length)), "The value's bytes differ.");
        Expect("\r\n");
    }

    public byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            int more = _socket.Receive(bytes.AsSpan(received));
            if (more == 0)
            {
                return bytes[..received];
            }

            received += more;
        }

        return bytes;
    }

    /// <summary>Everything up to the server's closing; a reset counts as one.</summary>
    public string ReceiveToEnd()
    {
        var text = new StringBuilder();
        byte[] bytes = new byte[64 * 1024];
        try
        {
            for (int count; (count = _socket.Receive(bytes)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(bytes.AsSpan(0, count)));
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // Closed all the same.
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
