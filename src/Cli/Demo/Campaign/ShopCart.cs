namespace Delivery.Cli.Demo.Campaign;

/// <summary>A cart that was left before paying.</summary>
internal sealed record ShopCart(int Items, decimal Total, string Url);
