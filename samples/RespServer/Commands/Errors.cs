using System.Text;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>Redis's own error texts, which clients know.</summary>
internal static class Errors
{
    public const string Syntax = "ERR syntax error";
    public const string NotAnInteger = "ERR value is not an integer or out of range";
    public const string Overflow = "ERR increment or decrement would overflow";
    public const string DecrementOverflow = "ERR decrement would overflow";
    public const string OffsetOutOfRange = "ERR offset is out of range";
    public const string TooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
    public const string OutOfMemory = "OOM command not allowed when used memory > 'maxmemory'.";
    public const string DatabaseOutOfRange = "ERR DB index is out of range";
    public const string NoProtocol = "NOPROTO unsupported protocol version";
    public const string BadClientName = "ERR Client names cannot contain spaces, newlines or special characters.";

    private const int QuotedBytes = 128;

    public static string WrongArguments(string command) => $"ERR wrong number of arguments for '{command}' command";

    public static string InvalidExpiry(string command) => $"ERR invalid expire time in '{command}' command";

    public static string UnknownSubcommand(string command, string subcommand) =>
        $"ERR unknown subcommand '{Shorten(subcommand)}'. Try {command} HELP.";

    public static string NotWhileSubscribed(string command) =>
        $"ERR Can't execute '{command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";

    public static string UnknownCommand(Request request)
    {
        var arguments = new StringBuilder();
        for (int i = 1; i < request.Count && arguments.Length < QuotedBytes; i++)
        {
            arguments.Append('\'').Append(Quote(request[i], QuotedBytes - arguments.Length)).Append("' ");
        }

        return $"ERR unknown command '{Quote(request[0], QuotedBytes)}', with args beginning with: {arguments}";
    }

    private static string Quote(ReadOnlySpan<byte> bytes, int length) => Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, length)]);

    private static string Shorten(string text) => text.Length <= QuotedBytes ? text : text[..QuotedBytes];
}
