using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Shims;

/// <summary>
/// Stands in for <see cref="System.Threading.SpinWait"/> in the linked source: a virtual thread never sleeps. One that has come here twice
/// while memory stayed as it was is known to wait for others. What a round of such a loop has read is nothing that its next round knows of,
/// unless it has changed something: how often a thread went round is then no part of its history.
/// </summary>
public struct SpinWait
{
    private System.Threading.SpinWait _real;
    private StateHash _history;
    private long _changes;
    private bool _hasBegun;

    public void SpinOnce(int sleep1Threshold) => SpinOnce();

    public void SpinOnce()
    {
        if (VirtualThread.Current is null)
        {
            _real.SpinOnce();
        }
        else if (Interlocked.Explored(out VirtualThread self))
        {
            if (!_hasBegun || _changes != self.Changes)
            {
                (_hasBegun, _history, _changes) = (true, self.History, self.Changes);
            }

            self.History = _history;
            self.Exploration.Spin(self);
        }
    }
}
