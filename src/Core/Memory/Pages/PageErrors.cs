using System.Globalization;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>The exceptions of the pages.</summary>
internal static class PageErrors
{
    /// <summary>The system refused memory, for the reason it gave to the last call with <c>SetLastError</c> on this thread.</summary>
    internal static OutOfMemoryException Refused(long bytes, long alignment) =>
        Refused(bytes, alignment, Marshal.GetLastPInvokeErrorMessage());

    /// <summary>The system refused memory.</summary>
    internal static OutOfMemoryException Refused(long bytes, long alignment, string reason) => new(string.Create(
        CultureInfo.InvariantCulture, $"{bytes:N0} bytes of memory, aligned to {alignment:N0}, are not to be had: {reason}"));

    /// <summary>More bytes than an address can count.</summary>
    internal static OutOfMemoryException TooMuch(long bytes) => new(string.Create(
        CultureInfo.InvariantCulture, $"{bytes:N0} bytes of memory are more than any system has."));

    /// <summary>What is given back is not out.</summary>
    internal static InvalidOperationException NotOut(nint address, long bytes) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"No run of {bytes:N0} bytes at 0x{address:X} is out: it was given back already, or was never handed out with this length."));
}
