namespace FastBuffers;

// Which leases are taken in which order.
public static partial class RegionLocks
{
    private static List<DomainRequests> Plan(IReadOnlyList<HoldRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var plan = new List<DomainRequests>();
        for (int i = 0; i < requests.Count; i++)
        {
            (Region region, HoldRequestPart part) = Locate(requests[i], i);
            DomainRequests? own = plan.Find(other => other.Region == region);
            if (own is null)
            {
                own = new DomainRequests(region);
                plan.Add(own);
            }

            if (own.FindConflict(part) is { } other)
            {
                throw new ArgumentException(
                    $"Requests {other} ({requests[other].Kind} of {Describe(requests[other])}) and {i} ({requests[i].Kind} of "
                    + $"{Describe(requests[i])}) conflict with each other: they can never be held together.",
                    nameof(requests));
            }

            own.Add(part, i);
        }

        // Who has regions waits only for later ones.
        plan.Sort(static (left, right) => DomainOrder.Compare(left.Region, right.Region));
        return plan;
    }

    private static (Region Region, HoldRequestPart Part) Locate(in HoldRequest request, int index)
    {
        if (!ConflictTable.IsKind(request.Kind))
        {
            throw new ArgumentException($"Request {index} is for {request.Kind}: a hold has exactly one kind.", nameof(request));
        }

        int kind = ConflictTable.Index(request.Kind);
        return request.Exporter switch
        {
            Region region => (region, new HoldRequestPart(kind, RangeRequest.Whole)),
            RegionSlice slice => (slice.Region, new HoldRequestPart(kind, slice.Range)),
            null => throw new ArgumentException($"Request {index} has no exporter.", nameof(request)),
            { } other => throw new ArgumentException(
                $"Request {index} is for a {other.GetType().Name}: only regions and slices can be waited for.", nameof(request)),
        };
    }

    private static string Describe(in HoldRequest request) => request.Exporter switch
    {
        RegionSlice slice => $"[{slice.Start}, {slice.Start + slice.Length}) of {slice.Region.Describe()}",
        Region region => region.Describe(),
        _ => "nothing",
    };

    // What is wanted of one region: taken in one step, so that nobody who has some of it waits for the rest.
    private sealed class DomainRequests(Region region)
    {
        private readonly List<HoldRequestPart> _parts = [];
        private readonly List<int> _places = [];

        internal Region Region => region;

        internal HoldRequestPart[] Parts => [.. _parts];

        internal void Add(in HoldRequestPart part, int place)
        {
            _parts.Add(part);
            _places.Add(place);
        }

        // The place of a request that conflicts with another one.
        internal int? FindConflict(in HoldRequestPart part)
        {
            for (int i = 0; i < _parts.Count; i++)
            {
                if (_parts[i].ConflictsWith(part) && region.Length != 0)
                {
                    return _places[i];
                }
            }

            return null;
        }

        internal void Put(HoldToken[] tokens, Lease[] leases)
        {
            for (int i = 0; i < tokens.Length; i++)
            {
                leases[_places[i]] = new Lease(tokens[i]);
            }
        }
    }
}
