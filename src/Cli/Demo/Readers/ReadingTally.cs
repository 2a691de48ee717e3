using Delivery.Cli.Demo.Campaign;
using Delivery.Cli.Demo.Results;

namespace Delivery.Cli.Demo.Readers;

/// <summary>What the readers did, counted on their side. Thread-safe.</summary>
internal sealed class ReadingTally(ExampleCampaign campaign)
{
    private const int MaxFaults = 20;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _opens = [];
    private readonly Dictionary<int, int> _clicks = [];
    private readonly HashSet<int> _unsubscribed = [];
    private readonly Dictionary<int, (long Clicks, HashSet<int> People)> _links =
        campaign.Links.Where(link => link.Tracked).ToDictionary(link => link.Position, _ => (0L, new HashSet<int>()));
    private readonly List<string> _faults = [];
    private readonly HashSet<int> _delivered = [];
    private long _faultCount;

    /// <summary>What did not go as a reader expects; the first of them in words.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public long FaultCount => _faultCount;

    /// <summary>False when this recipient had the message before.</summary>
    public bool Delivered(int recipient)
    {
        lock (_lock)
            return _delivered.Add(recipient);
    }

    public void Opened(int recipient)
    {
        lock (_lock)
            _opens[recipient] = _opens.GetValueOrDefault(recipient) + 1;
    }

    public void Clicked(int recipient, int position)
    {
        lock (_lock)
        {
            _clicks[recipient] = _clicks.GetValueOrDefault(recipient) + 1;
            var (clicks, people) = _links[position];
            people.Add(recipient);
            _links[position] = (clicks + 1, people);
        }
    }

    public void Unsubscribed(int recipient)
    {
        lock (_lock)
            _unsubscribed.Add(recipient);
    }

    public void Fault(string what)
    {
        lock (_lock)
        {
            _faultCount++;
            if (_faults.Count < MaxFaults)
                _faults.Add(what);
        }
    }

    /// <summary>The figures that a true report must show.</summary>
    public JobFigures Figures()
    {
        lock (_lock)
        {
            return new JobFigures
            {
                Delivered = _delivered.Count,
                Opens = new TotalAndUnique(_opens.Values.Sum(count => (long)count), _opens.Count),
                Clicks = new TotalAndUnique(_clicks.Values.Sum(count => (long)count), _clicks.Count),
                Unsubscribes = _unsubscribed.Count,
                Links = [.. campaign.Links.Where(link => link.Tracked)
                    .Select(link => new LinkFigures(link.Position, link.Url, _links[link.Position].Clicks, _links[link.Position].People.Count))],
            };
        }
    }
}
