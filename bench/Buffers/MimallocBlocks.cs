using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Bench.Buffers;

/// <summary>mimalloc, where it is installed (Debian: libmimalloc2.0 or libmimalloc3), called in the cheapest way there is: no GC transition.</summary>
internal readonly unsafe struct MimallocBlocks : IBufferSource<NativeBlock>
{
    private static readonly nint s_library = Load();

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nuint, void*> s_malloc =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nuint, void*>)Export("mi_malloc");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, void> s_free =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, void>)Export("mi_free");

    /// <summary>What is missing, or null if nothing is.</summary>
    public static string? Missing() => s_library == 0 ? "mimalloc is not installed" : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeBlock Rent(int length) => new(s_malloc((nuint)length), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Bytes(in NativeBlock buffer) => new(buffer.Start, buffer.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Return(in NativeBlock buffer) => s_free(buffer.Start);

    private static nint Load()
    {
        string[] names = ["libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc"];
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return library;
            }
        }

        return 0;
    }

    private static nint Export(string name) => s_library == 0 ? 0 : NativeLibrary.GetExport(s_library, name);
}
