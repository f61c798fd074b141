using FastBuffers.Samples.Resp.Tests.Infrastructure;

namespace FastBuffers.Samples.Resp.Tests.Commands;

/// <summary>Replies as Redis 7.0.15 gives them, byte for byte; compared with it side by side when this was written.</summary>
public sealed class ReplyTextTests
{
    [Theory]
    [InlineData("PING", "+PONG\r\n")]
    [InlineData("PING hi", "$2\r\nhi\r\n")]
    [InlineData("ping a b", "-ERR wrong number of arguments for 'ping' command\r\n")]
    [InlineData("FOO a 'b c'", "-ERR unknown command 'FOO', with args beginning with: 'a' 'b c' \r\n")]
    [InlineData("\"foo\\r\\n\"", "-ERR unknown command 'foo  ', with args beginning with: \r\n")]
    [InlineData("GET", "-ERR wrong number of arguments for 'get' command\r\n")]
    [InlineData("MSET a 1 b", "-ERR wrong number of arguments for 'mset' command\r\n")]
    [InlineData("SET s v EX 0", "-ERR invalid expire time in 'set' command\r\n")]
    [InlineData("SET s v EX abc", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("SET s v EX", "-ERR syntax error\r\n")]
    [InlineData("SET s v NX XX", "-ERR syntax error\r\n")]
    [InlineData("SET s v EX 10 PX 10", "-ERR syntax error\r\n")]
    [InlineData("SET s v EX 10 KEEPTTL", "-ERR syntax error\r\n")]
    [InlineData("SET s v PX 9223372036854775807", "-ERR invalid expire time in 'set' command\r\n")]
    [InlineData("SET none v XX", "$-1\r\n")]
    [InlineData("SET s v GET", "$5\r\nhello\r\n")]
    [InlineData("SET none v GET", "$-1\r\n")]
    [InlineData("SET s v NX GET", "$5\r\nhello\r\n")]
    [InlineData("INCR s", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("INCRBY n 01", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("DECRBY n -9223372036854775808", "-ERR decrement would overflow\r\n")]
    [InlineData("INCRBY n 9223372036854775807", "-ERR increment or decrement would overflow\r\n")]
    [InlineData("SETRANGE s -1 x", "-ERR offset is out of range\r\n")]
    [InlineData("SETRANGE s 536870911 xx", "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n")]
    [InlineData("SETRANGE none 5 ''", ":0\r\n")]
    [InlineData("GETRANGE s -1 -5", "$0\r\n\r\n")]
    [InlineData("GETRANGE s 0 -100", "$1\r\nh\r\n")]
    [InlineData("GETRANGE s 1 100", "$4\r\nello\r\n")]
    [InlineData("EXPIRE s 9223372036854775807", "-ERR invalid expire time in 'expire' command\r\n")]
    [InlineData("TTL s", ":-1\r\n")]
    [InlineData("TTL none", ":-2\r\n")]
    [InlineData("PERSIST s", ":0\r\n")]
    [InlineData("SELECT 0", "+OK\r\n")]
    [InlineData("SELECT 1", "-ERR DB index is out of range\r\n")]
    [InlineData("SELECT x", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("HELLO 3", "-NOPROTO unsupported protocol version\r\n")]
    [InlineData("CLIENT FOO", "-ERR unknown subcommand 'FOO'. Try CLIENT HELP.\r\n")]
    [InlineData("CLIENT SETNAME 'a b'", "-ERR Client names cannot contain spaces, newlines or special characters.\r\n")]
    [InlineData("CLIENT GETNAME", "$-1\r\n")]
    [InlineData("CLIENT SETINFO lib-name x", "+OK\r\n")]
    [InlineData("CONFIG GET save", "*2\r\n$4\r\nsave\r\n$0\r\n\r\n")]
    [InlineData("CONFIG GET", "-ERR wrong number of arguments for 'config|get' command\r\n")]
    [InlineData("FLUSHALL FOO", "-ERR syntax error\r\n")]
    [InlineData("UNSUBSCRIBE", "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n")]
    [InlineData("PUBLISH nobody x", ":0\r\n")]
    [InlineData("QUIT", "+OK\r\n")]
    public async Task Replies_are_Redis_s_own(string command, string reply)
    {
        await using var server = new TestServer();
        using RawClient client = server.ConnectRaw();
        client.Send("SET s hello\r\nSET n 5\r\n");
        client.Expect("+OK\r\n+OK\r\n");
        client.Send(command + "\r\n");
        client.Expect(reply);
        client.EndSending();
        Assert.Equal("", client.ReceiveToEnd());
    }

    [Fact]
    public async Task A_subscriber_may_do_little_else()
    {
        await using var server = new TestServer();
        using RawClient client = server.ConnectRaw();
        client.Call("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", "SUBSCRIBE", "c");
        client.Call("*2\r\n$4\r\npong\r\n$0\r\n\r\n", "PING");
        client.Call(
            "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n",
            "GET", "a");
        client.Call("*3\r\n$11\r\nunsubscribe\r\n$1\r\nc\r\n:0\r\n", "UNSUBSCRIBE");
        client.Call("$-1\r\n", "GET", "a");
    }
}
