using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>The outermost frames of one thread's stack, for as long as that thread lives: see <see cref="CallerStack"/>.</summary>
/// <remarks>
/// When a thread has ended, its stack may become part of another's, or of several others', before anybody gets to hear of that. So the
/// system marks the window while the thread ends, which comes before.
/// </remarks>
internal sealed class StackWindow
{
    // As much as the system may touch; see SystemMemory.MarkAtEnd.
    private const int MarkWords = SystemMemory.MarkBytes / sizeof(long);
    private const int FirstLook = 64;

    // The marks that are still to be made, and must be there until then.
    private static readonly List<StackWindow> s_living = [];
    private static int s_nextLook = FirstLook;

    [ThreadStatic]
    private static StackWindow? t_own;

    private StackWindow() => Start = CallerStack.FindWindow();

    /// <summary>That of the calling thread.</summary>
    internal static StackWindow OfCaller => t_own ??= Make();

    /// <summary>Where it begins; <see cref="CallerStack.NoWindow"/> when there is none.</summary>
    internal nuint Start { get; private set; }

    /// <summary>For <see cref="IsMarked"/>.</summary>
    internal long[] Mark { get; } = GC.AllocateArray<long>(MarkWords, pinned: true);

    /// <summary>Whether the thread of a window has ended, or is about to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsMarked(long[] mark) => Volatile.Read(ref MemoryMarshal.GetArrayDataReference(mark)) != 0;

    private static unsafe StackWindow Make()
    {
        var window = new StackWindow();
        if (window.Start == CallerStack.NoWindow)
        {
            return window;
        }

        lock (s_living)
        {
            if (s_living.Count >= s_nextLook)
            {
                s_living.RemoveAll(static window => IsMarked(window.Mark));
                s_nextLook = Math.Max(FirstLook, 2 * s_living.Count);
            }

            s_living.Add(window);
            if (!SystemMemory.Current.MarkAtEnd((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(window.Mark))))
            {
                s_living.Remove(window);
                window.Start = CallerStack.NoWindow;
            }
        }

        return window;
    }
}
