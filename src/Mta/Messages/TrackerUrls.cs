using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>The fixed beginnings of tracked URLs; a token follows each.</summary>
internal sealed class TrackerUrls
{
    public TrackerUrls(Uri baseUrl)
    {
        var root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        Root = Encoding.ASCII.GetBytes(root + "/");
        Click = Encoding.ASCII.GetBytes(root + "/c/");
        Open = Encoding.ASCII.GetBytes(root + "/o/");
        Unsubscribe = Encoding.ASCII.GetBytes(root + "/u/");
    }

    /// <summary>Where the link leads that no person can see.</summary>
    public byte[] Root { get; }

    public byte[] Click { get; }

    public byte[] Open { get; }

    public byte[] Unsubscribe { get; }
}
