using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// A shelf for each size class whose blocks a thread keeps for itself, without an array between the cache and them; and one for all
/// others, which has never room for another block.
/// </summary>
[InlineArray(SizeClasses.ThreadCount + 1)]
internal struct Shelves
{
    private Shelf _first;
}
