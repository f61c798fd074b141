using System.Buffers.Text;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// How a large value lies in its region: <c>…$5000\r\n</c>, the bytes, <c>\r\n</c>, that is: as it goes over the wire, so that a whole
/// reply is one contiguous piece of native memory and one send. (Sockets gather arrays only.)
/// </summary>
internal static class WireFrame
{
    /// <summary>Where the value's bytes begin. The bulk header ends here: at most "$536870912\r\n", 12 bytes.</summary>
    public const int Start = 16;

    /// <summary>The bytes of a region that are not the value's own.</summary>
    public const int Overhead = Start + TrailerLength;

    /// <summary>The line end after the value.</summary>
    public const int TrailerLength = 2;

    /// <summary>Writes what goes around a value of <paramref name="length"/> bytes.</summary>
    /// <param name="start">The first <see cref="Start"/> bytes of the region.</param>
    /// <param name="trailer">The bytes after the value.</param>
    /// <param name="length">The value's length.</param>
    public static void Write(Span<byte> start, Span<byte> trailer, int length)
    {
        Span<byte> header = start[HeaderStart(length)..];
        header[0] = (byte)'$';
        Utf8Formatter.TryFormat(length, header[1..], out _);
        "\r\n"u8.CopyTo(header[^2..]);
        "\r\n"u8.CopyTo(trailer);
    }

    /// <summary>Where the header of a value of <paramref name="length"/> bytes begins.</summary>
    public static int HeaderStart(int length)
    {
        int digits = 1;
        for (int rest = length; rest >= 10; rest /= 10)
        {
            digits++;
        }

        return Start - digits - 3;
    }
}
