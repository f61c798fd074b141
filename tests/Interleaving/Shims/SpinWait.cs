using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Shims;

/// <summary>
/// Stands in for <see cref="System.Threading.SpinWait"/> in the linked source: inside an exploration nothing sleeps, but a thread that has
/// come here twice while memory stayed as it was is known to wait for others.
/// </summary>
public struct SpinWait
{
    private System.Threading.SpinWait _real;

    public void SpinOnce()
    {
        if (Interlocked.Explored(out VirtualThread self))
        {
            self.Exploration.Spin(self);
        }
        else
        {
            _real.SpinOnce();
        }
    }
}
