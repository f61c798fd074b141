using System.Globalization;
using System.Net;

namespace FastBuffers.Samples.Resp;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine(RespServerOptions Options, bool IsDemo, bool IsHelp)
{
    public const string Usage = """
        usage: RespServer [--port N] [--bind ADDRESS] [--max-memory SIZE] [--write-wait MS] [--demo] [--help]
          --port N           TCP port, 0 to 65535; 0 picks a free one (6379)
          --bind ADDRESS     IP address to listen on (127.0.0.1)
          --max-memory SIZE  bytes, or with kb, mb or gb; at least 1mb (1gb)
          --write-wait MS    how long SETRANGE and APPEND wait for bytes being sent before they copy, 0 to 10000 (50)
          --demo             start a server on a free port, drive and check it for about 10 seconds, and exit
          --help             show this
        """;

    private const long MinMemory = 1024 * 1024;

    private static readonly int s_maxWait = (int)RespServerOptions.MaxWriteWait.TotalMilliseconds;

    /// <exception cref="ArgumentException">An argument breaks a rule; the message names both.</exception>
    public static CommandLine Parse(string[] args)
    {
        var options = new RespServerOptions { Port = 6379 };
        bool isDemo = false;
        bool isHelp = false;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--port":
                    options = options with { Port = ParsePort(ValueOf(args, ref i)) };
                    break;
                case "--bind":
                    options = options with { Bind = ParseAddress(ValueOf(args, ref i)) };
                    break;
                case "--max-memory":
                    options = options with { MaxMemory = ParseSize(ValueOf(args, ref i)) };
                    break;
                case "--write-wait":
                    options = options with { WriteWait = ParseWait(ValueOf(args, ref i)) };
                    break;
                case "--demo":
                    isDemo = true;
                    break;
                case "--help":
                    isHelp = true;
                    break;
                default:
                    throw new ArgumentException($"unknown argument '{args[i]}'");
            }
        }

        return new CommandLine(options, isDemo, isHelp);
    }

    private static string ValueOf(string[] args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");

    private static int ParsePort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? port
            : throw new ArgumentException($"--port '{text}' is not a number from 0 to 65535");

    private static IPAddress ParseAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? address : throw new ArgumentException($"--bind '{text}' is not an IP address");

    private static TimeSpan ParseWait(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds <= s_maxWait
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ArgumentException($"--write-wait '{text}' is not a number of milliseconds from 0 to {s_maxWait}");

    private static long ParseSize(string text)
    {
        (string digits, int shift) = text.ToLowerInvariant() switch
        {
            [.. var rest, 'k', 'b'] => (rest, 10),
            [.. var rest, 'm', 'b'] => (rest, 20),
            [.. var rest, 'g', 'b'] => (rest, 30),
            var rest => (rest, 0),
        };
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count > long.MaxValue >> shift)
        {
            throw new ArgumentException($"--max-memory '{text}' is not a size such as 1000000, 512kb, 256mb or 2gb");
        }

        long bytes = count << shift;
        return bytes >= MinMemory ? bytes : throw new ArgumentException($"--max-memory '{text}' is less than 1mb");
    }
}
