namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>Integers as Redis reads them: an optional minus, no plus, no leading zeros, no blanks.</summary>
internal static class RespInteger
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text.Length > 1 && text[0] == '-';
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        if (digits.IsEmpty || digits.Length > 19 || (digits[0] == '0' && (digits.Length > 1 || negative)))
        {
            return false;
        }

        ulong magnitude = 0;
        foreach (byte c in digits)
        {
            if (!char.IsAsciiDigit((char)c))
            {
                return false;
            }

            magnitude = (magnitude * 10) + (ulong)(c - '0');
        }

        if (magnitude > (ulong)long.MaxValue + (negative ? 1ul : 0))
        {
            return false;
        }

        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }
}
