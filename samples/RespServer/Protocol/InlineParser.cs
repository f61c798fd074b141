namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>
/// Commands typed by hand: words with blanks between them, "…" with escapes (\n \r \t \b \a \xHH), '…' with \' only. Redis's
/// sdssplitargs.
/// </summary>
internal static class InlineParser
{
    public static void Parse(ReadOnlySpan<byte> line, Request request)
    {
        byte[] scratch = new byte[line.Length];
        int i = 0;
        while (true)
        {
            while (i < line.Length && IsBlank(line[i]))
            {
                i++;
            }

            if (i == line.Length)
            {
                return;
            }

            int length = 0;
            while (i < line.Length && !IsBlank(line[i]))
            {
                if (line[i] is (byte)'"' or (byte)'\'')
                {
                    i = ReadQuoted(line, i, scratch, ref length);
                }
                else
                {
                    scratch[length++] = line[i++];
                }
            }

            request.Add(scratch.AsSpan(0, length));
        }
    }

    private static bool IsBlank(byte c) => c is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r') or 0;

    private static int ReadQuoted(ReadOnlySpan<byte> line, int start, Span<byte> word, ref int length)
    {
        byte quote = line[start];
        for (int i = start + 1; i < line.Length; i++)
        {
            byte c = line[i];
            if (c == quote)
            {
                return i + 1 == line.Length || IsBlank(line[i + 1])
                    ? i + 1
                    : throw new ProtocolException("unbalanced quotes in request");
            }

            if (c == '\\' && i + 1 < line.Length && (quote == '"' || line[i + 1] == '\''))
            {
                c = Unescape(line, ref i, quote);
            }

            word[length++] = c;
        }

        throw new ProtocolException("unbalanced quotes in request");
    }

    /// <summary>The byte that an escape stands for; leaves <paramref name="i"/> on the escape's last character.</summary>
    private static byte Unescape(ReadOnlySpan<byte> line, ref int i, byte quote)
    {
        byte c = line[++i];
        if (quote == '\'')
        {
            return c;
        }

        if (c == 'x' && i + 2 < line.Length && char.IsAsciiHexDigit((char)line[i + 1]) && char.IsAsciiHexDigit((char)line[i + 2]))
        {
            i += 2;
            return (byte)((HexValue(line[i - 1]) << 4) | HexValue(line[i]));
        }

        return c switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => c,
        };
    }

    private static int HexValue(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
