using System.Text;
using FastBuffers.Samples.Resp.Protocol;
using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;

namespace FastBuffers.Samples.Resp.Tests.Protocol;

public sealed class RequestReaderTests : IDisposable
{
    private readonly ServerMemory _memory = new(1024 * 1024);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public async Task Commands_are_the_same_however_the_stream_is_cut()
    {
        string large = new('x', 5000);
        byte[] stream =
        [
            .. RawClient.Encode("SET", "key", ""), .. "PING 'a b' \"\\x41\"\r\n*0\r\n\r\n"u8,
            .. RawClient.Encode("SET", "key", large), .. RawClient.Encode("GET", "\r\n$5\r\n"), .. "QUIT\n"u8,
        ];
        string[] expected = ["SET key ", "PING a b A", "SET key " + large, "GET \r\n$5\r\n", "QUIT"];

        for (int cut = 1; cut < stream.Length; cut += cut is > 60 and < 4990 ? 61 : 1)
        {
            Assert.Equal(expected, await ReadAllAsync(new PiecewiseStream(stream, cut, stream.Length)));
        }

        for (int piece = 1; piece < 20; piece++)
        {
            Assert.Equal(expected, await ReadAllAsync(new PiecewiseStream(stream, piece, piece)));
        }

        Assert.Equal(0, _memory.Used);
    }

    [Theory]
    [InlineData("*abc\r\n", "invalid multibulk length")]
    [InlineData("*1048577\r\n", "invalid multibulk length")]
    [InlineData("*99999999999999999999\r\n", "invalid multibulk length")]
    [InlineData("*+1\r\n", "invalid multibulk length")]
    [InlineData("*01\r\n", "invalid multibulk length")]
    [InlineData("*1\n", "invalid multibulk length")]
    [InlineData("*1\r\n+PING\r\n", "expected '$', got '+'")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$536870913\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$4\r\nPINGxx", "expected CRLF after bulk")]
    [InlineData("PING \"a\r\n", "unbalanced quotes in request")]
    [InlineData("PING 'a'b\r\n", "unbalanced quotes in request")]
    public async Task Broken_bytes_are_named_in_Redis_s_words(string bytes, string message)
    {
        ProtocolException exception = await Assert.ThrowsAsync<ProtocolException>(
            () => ReadAllAsync(new MemoryStream(Encoding.Latin1.GetBytes(bytes))));
        Assert.Equal("ERR Protocol error: " + message, exception.Message);
    }

    [Theory]
    [InlineData('A', "too big inline request")]
    [InlineData('*', "too big mbulk count string")]
    public async Task Endless_lines_are_refused(char first, string message)
    {
        ProtocolException exception = await Assert.ThrowsAsync<ProtocolException>(
            () => ReadAllAsync(new PiecewiseStream(Encoding.Latin1.GetBytes(first + new string('1', 70_000)), 1000, 1000)));
        Assert.Equal("ERR Protocol error: " + message, exception.Message);
    }

    [Fact]
    public async Task Small_arguments_have_a_limit_together()
    {
        byte[] command = RawClient.Encode(Enumerable.Repeat(new string('x', 4000), 5000).ToArray());
        ProtocolException exception = await Assert.ThrowsAsync<ProtocolException>(() => ReadAllAsync(new MemoryStream(command)));
        Assert.Equal("ERR Protocol error: too many argument bytes", exception.Message);
    }

    [Fact]
    public async Task A_large_argument_without_its_line_end_is_refused_and_leaves_nothing()
    {
        byte[] command = Encoding.Latin1.GetBytes("*1\r\n$5000\r\n" + new string('x', 5002));
        await Assert.ThrowsAsync<ProtocolException>(() => ReadAllAsync(new MemoryStream(command)));
        Assert.Equal(0, _memory.Used);
    }

    [Fact]
    public async Task What_does_not_fit_in_memory_is_skipped_and_the_next_command_is_read()
    {
        byte[] stream = [.. RawClient.Encode("SET", "k", new string('x', 2_000_000)), .. RawClient.Encode("PING")];
        using var reader = new RequestReader(new PiecewiseStream(stream, 100, 1000), new RespLimits(), _memory, new StorageCounters());
        Assert.True(await NextAsync(reader));
        Assert.True(reader.Request.IsOutOfMemory);
        Assert.Equal(0, _memory.Used);
        reader.Request.Clear();
        Assert.True(await NextAsync(reader));
        Assert.False(reader.Request.IsOutOfMemory);
        Assert.Equal("PING", Describe(reader.Request));
    }

    private static async Task<bool> NextAsync(RequestReader reader)
    {
        while (!reader.TryRead())
        {
            if (!await reader.FillAsync(CancellationToken.None))
            {
                return false;
            }
        }

        return true;
    }

    private static string Describe(Request request) =>
        string.Join(' ', Enumerable.Range(0, request.Count).Select(i => Encoding.Latin1.GetString(request[i])));

    private async Task<string[]> ReadAllAsync(Stream stream)
    {
        var commands = new List<string>();
        using var reader = new RequestReader(stream, new RespLimits(), _memory, new StorageCounters());
        while (await NextAsync(reader))
        {
            commands.Add(Describe(reader.Request));
            reader.Request.Clear();
        }

        return [.. commands];
    }

    /// <summary>Hands out the bytes in pieces: one of the first length, then ones of the other.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int firstPiece, int nextPieces) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) =>
            base.Read(buffer[..Math.Min(buffer.Length, Position == 0 ? firstPiece : nextPieces)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }
}
