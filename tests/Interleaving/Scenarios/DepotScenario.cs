using System.Reflection;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// Threads that rent tickets and return them until they have to go to the depot: for a build whose magazines hold one ticket each.
/// Nobody may be given a ticket that somebody has, and at the end each ticket is in one place; how many may be lost is what the depot has
/// no room for.
/// </summary>
/// <param name="programs">
/// For each thread its steps: + rents, - returns. One that begins with - has two full magazines and as many tickets as it returns first.
/// </param>
/// <param name="stock">How many full magazines the depot has at the start.</param>
/// <param name="losses">How many tickets may be left to the garbage collector.</param>
internal sealed class DepotScenario(string[] programs, int stock, int losses) : Scenario
{
    private static readonly FieldInfo[] s_local = [Field("t_loaded"), Field("t_previous")];
    private static readonly FieldInfo[] s_depot = [Field("s_full"), Field("s_empty")];

    private readonly List<Ticket> _known = [];
    private readonly List<List<Ticket>> _rented = [.. programs.Select(_ => new List<Ticket>())];
    private readonly List<TicketMagazine> _left = [];

    public override int Threads => programs.Length;

    public override string Name => $"{string.Join(" | ", programs)} with {stock} in the depot";

    public override IEnumerable<Type> StatefulTypes => [typeof(TicketCache), typeof(IdentitySeed)];

    public override void PrepareThread(int thread)
    {
        if (thread == 0)
        {
            _known.Clear();
            _left.Clear();
            _rented.ForEach(rented => rented.Clear());
        }

        int tickets = programs[thread].TakeWhile(step => step == '-').Count();
        for (int i = 0; i < tickets; i++)
        {
            _rented[thread].Add(Know(new Ticket()));
        }

        foreach (FieldInfo field in tickets > 0 ? s_local : [])
        {
            field.SetValue(null, Full());
        }
    }

    public override void Setup()
    {
        TicketMagazine?[] full = Depot(0);
        Array.Clear(full);
        Array.Clear(Depot(1));
        for (int i = 0; i < stock; i++)
        {
            full[i] = Full();
        }
    }

    public override void Run(int thread)
    {
        foreach (char step in programs[thread])
        {
            if (step == '+')
            {
                Ticket ticket = Know(TicketCache.Rent());
                Require(!_rented.Any(rented => rented.Contains(ticket)), "A ticket was given out twice.");
                _rented[thread].Add(ticket);
            }
            else
            {
                // Out of the list first: it is the next one's with the last step of the return.
                Ticket ticket = _rented[thread][0];
                _rented[thread].RemoveAt(0);
                TicketCache.Return(ticket);
            }
        }

        foreach (FieldInfo field in s_local)
        {
            if (field.GetValue(null) is TicketMagazine magazine)
            {
                _left.Add(magazine);
            }
        }
    }

    public override void CheckEnd()
    {
        List<Ticket> found = [.. _rented.SelectMany(rented => rented)];
        foreach (TicketMagazine magazine in _left.Concat(Depot(0).OfType<TicketMagazine>()).Concat(Depot(1).OfType<TicketMagazine>()))
        {
            while (magazine.TryPop() is { } ticket)
            {
                found.Add(ticket);
            }
        }

        Require(found.Distinct().Count() == found.Count, "A ticket is in two places.");
        Require(_known.Count - found.Count <= losses, $"{_known.Count - found.Count} tickets were lost.");
    }

    private static FieldInfo Field(string name) => typeof(TicketCache).GetField(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static TicketMagazine?[] Depot(int which) => (TicketMagazine?[])s_depot[which].GetValue(null)!;

    private TicketMagazine Full()
    {
        var magazine = new TicketMagazine();
        magazine.TryPush(Know(new Ticket()));
        return magazine;
    }

    private Ticket Know(Ticket ticket)
    {
        if (!_known.Contains(ticket))
        {
            _known.Add(ticket);
        }

        return ticket;
    }
}
