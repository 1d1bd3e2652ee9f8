SELECT @database()::name AS catalog_name
