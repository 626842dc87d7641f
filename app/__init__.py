"""Verwijsroute: decides, explains and hands over referrals of MBO students."""
